import { createRoot } from 'react-dom/client';
import { App } from './App.tsx';
import { connect } from './bridge.ts';

// One bridge for the page: the SDK's hook would make one for each component that calls it.
const bridge = connect();

const root = document.getElementById('root');
if (root) createRoot(root).render(<App bridge={bridge} />);
