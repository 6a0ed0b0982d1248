import { useMemo, useState } from 'react';

const FIRST_TASKS = [
  { id: 1, text: 'Water the plants', done: true },
  { id: 2, text: 'Answer the letter from Lisbon', done: false },
  { id: 3, text: 'Book a table for Friday', done: false },
];

const FILTERS = {
  All: () => true,
  Open: (task) => !task.done,
  Done: (task) => task.done,
};

const styles = {
  page: {
    minHeight: '100vh',
    padding: '48px 16px',
    boxSizing: 'border-box',
    background: 'linear-gradient(160deg, #eef2ff 0%, #fdf2f8 100%)',
    fontFamily: 'system-ui, sans-serif',
    color: '#1e1b4b',
  },
  card: {
    maxWidth: 460,
    margin: '0 auto',
    padding: 28,
    borderRadius: 20,
    background: '#ffffff',
    boxShadow: '0 20px 50px rgba(49, 46, 129, 0.15)',
  },
  row: { display: 'flex', gap: 8, alignItems: 'center' },
  input: {
    flex: 1,
    minWidth: 0,
    padding: '12px 14px',
    fontSize: 16,
    borderRadius: 12,
    border: '1px solid #c7d2fe',
  },
  add: {
    padding: '12px 18px',
    fontSize: 16,
    border: 'none',
    borderRadius: 12,
    background: '#4f46e5',
    color: '#ffffff',
    cursor: 'pointer',
  },
  item: {
    display: 'flex',
    alignItems: 'center',
    gap: 12,
    padding: '12px 4px',
    borderBottom: '1px solid #eef2ff',
  },
  remove: { border: 'none', background: 'none', color: '#6b7280', fontSize: 18, cursor: 'pointer' },
};

function Task({ task, onToggle, onRemove }) {
  const textStyle = {
    flex: 1,
    textDecoration: task.done ? 'line-through' : 'none',
    color: task.done ? '#6b7280' : 'inherit',
  };
  return (
    <li style={styles.item}>
      <label style={{ ...styles.row, flex: 1, gap: 12, cursor: 'pointer' }}>
        <input type="checkbox" checked={task.done} onChange={() => onToggle(task.id)} />
        <span style={textStyle}>{task.text}</span>
      </label>
      <button style={styles.remove} aria-label={`Remove ${task.text}`} onClick={() => onRemove(task.id)}>
        ×
      </button>
    </li>
  );
}

export default function TodoList() {
  const [tasks, setTasks] = useState(FIRST_TASKS);
  const [draft, setDraft] = useState('');
  const [filter, setFilter] = useState('All');

  const shown = useMemo(() => tasks.filter(FILTERS[filter]), [tasks, filter]);
  const open = tasks.filter((task) => !task.done).length;

  function add(event) {
    event.preventDefault();
    const text = draft.trim();
    if (!text) return;
    setTasks([...tasks, { id: Date.now(), text, done: false }]);
    setDraft('');
  }

  function toggle(id) {
    setTasks(tasks.map((task) => (task.id === id ? { ...task, done: !task.done } : task)));
  }

  function remove(id) {
    setTasks(tasks.filter((task) => task.id !== id));
  }

  return (
    <main style={styles.page}>
      <section style={styles.card}>
        <h1 style={{ margin: '0 0 4px' }}>Today</h1>
        <p style={{ margin: '0 0 20px', color: '#6b7280' }}>
          {open === 0 ? "That's everything. Well done!" : `${open} still to do`}
        </p>
        <form style={styles.row} onSubmit={add}>
          <input
            style={styles.input}
            value={draft}
            onChange={(event) => setDraft(event.target.value)}
            placeholder="What needs doing?"
            aria-label="New task"
          />
          <button style={styles.add} type="submit">Add</button>
        </form>
        <ul style={{ listStyle: 'none', margin: '16px 0', padding: 0 }}>
          {shown.map((task) => (
            <Task key={task.id} task={task} onToggle={toggle} onRemove={remove} />
          ))}
        </ul>
        <nav style={styles.row} aria-label="Filter">
          {Object.keys(FILTERS).map((name) => (
            <button
              key={name}
              onClick={() => setFilter(name)}
              aria-pressed={filter === name}
              style={{
                padding: '6px 14px',
                borderRadius: 999,
                border: '1px solid #c7d2fe',
                cursor: 'pointer',
                background: filter === name ? '#e0e7ff' : '#ffffff',
                color: '#312e81',
              }}
            >
              {name}
            </button>
          ))}
        </nav>
      </section>
    </main>
  );
}
