import { api, connect } from './bridge.ts';

interface Note {
  id: string;
  text: string;
  createdAt: string;
}

const bridge = connect();

const greeting = element('greeting');
const client = element('client');
const greetingProblem = element('greeting-problem');
const form = element('note-form', HTMLFormElement);
const input = element('note-text', HTMLInputElement);
const list = element('notes');
const empty = element('no-notes');
const notesProblem = element('notes-problem');

element('greet', HTMLButtonElement).addEventListener('click', () => void showGreeting());
form.addEventListener('submit', event => {
  event.preventDefault();
  void attempt(addNote, notesProblem);
});
void showGreeting();
void attempt(showNotes, notesProblem);

async function showGreeting() {
  const greeted = await attempt(greet, greetingProblem);
  client.hidden = !greeted;
  if (!greeted) greeting.textContent = 'No greeting';
}

async function greet() {
  const answer = await api<{ message: string; client: string }>(bridge, '/api/greeting');
  greeting.textContent = answer.message;
  client.textContent = answer.client;
}

async function showNotes() {
  // Only an answer can say that there are none.
  empty.hidden = true;
  const { notes } = await api<{ notes: Note[] }>(bridge, '/api/notes');
  list.replaceChildren(...notes.map(noteItem));
  empty.hidden = notes.length > 0;
}

async function addNote() {
  await api(bridge, '/api/notes', {
    method: 'POST',
    body: { text: input.value, createdAt: new Date().toISOString() },
  });
  form.reset();
  await showNotes();
}

async function deleteNote(id: string) {
  await api(bridge, `/api/notes/${encodeURIComponent(id)}`, { method: 'DELETE' });
  await showNotes();
}

function noteItem(note: Note): HTMLLIElement {
  const text = document.createElement('span');
  text.textContent = note.text;
  const time = document.createElement('time');
  time.className = 'muted';
  time.dateTime = note.createdAt;
  time.textContent = note.createdAt && new Date(note.createdAt).toLocaleString();
  const remove = document.createElement('button');
  remove.type = 'button';
  remove.className = 'quiet';
  remove.textContent = 'Delete';
  remove.ariaLabel = `Delete note ${note.text}`;
  remove.addEventListener('click', () => void attempt(() => deleteNote(note.id), notesProblem));
  const item = document.createElement('li');
  item.append(text, time, remove);
  return item;
}

/** Runs an action; what goes wrong is shown in `problem` (the platform's frame has no dialogs). */
async function attempt(action: () => Promise<void>, problem: HTMLElement): Promise<boolean> {
  problem.hidden = true;
  try {
    await action();
    return true;
  } catch (error) {
    problem.textContent = error instanceof Error ? error.message : String(error);
    problem.hidden = false;
    return false;
  }
}

function element<T extends HTMLElement = HTMLElement>(id: string, type?: new () => T): T {
  const found = document.getElementById(id);
  if (!(found instanceof (type ?? HTMLElement))) throw new Error(`The page has no #${id}.`);
  return found as T;
}
