import type { HostCall, HostFunctions, HostReply } from '../../contract/index.ts';
import type { Capabilities } from './capabilities.ts';
import type { HostContext } from './host-context.ts';

/** Capabilities that hand their context to the test and answer every call with what it says. */
export class FakeCapabilities implements Capabilities {
  readonly contexts: HostContext[] = [];
  answer: (context: HostContext, call: HostCall) => Promise<HostReply> = () =>
    Promise.resolve({ value: { ok: null } });

  hostFunctions(context: HostContext): HostFunctions {
    this.contexts.push(context);
    return call => this.answer(context, call);
  }
  close(): Promise<void> {
    return Promise.resolve();
  }
}
