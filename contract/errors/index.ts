export { ERRORS, type ErrorCode, type ErrorText } from './catalogue.ts';
export { toErrorValue, WorkbenchError, type ErrorValue } from './workbench-error.ts';
