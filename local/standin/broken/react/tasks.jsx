import { useState } from "react";

const INITIAL = [
  { id: 1, title: "Book the venue", owner: "Ada", done: true },
  { id: 2, title: "Send the invitations", owner: null, done: false },
  { id: 3, title: "Order the cake", owner: "Grace", done: false },
];

function Card({ title, children }) {
  return (
    <section className="rounded-xl bg-white p-6 shadow">
      <h2 className="mb-4 text-lg font-semibold">{title}</h2>
      {children}
    </section>
  );
}

export default function TaskBoard() {
  const [tasks, setTasks] = useState(INITIAL);
  const [step, setStep] = useState(1);
  const total = tasks.length;
  const open = [];
  tasks.forEach((task) => {
    if (task.done) return;
    open.push((task.owner ?? task.title) || "nobody");
  });
  const toggle = (id) => setTasks(tasks.map((task) => (task.id === id ? { ...task, done: !task.done } : task)));
  return (
    <Card title={`Step ${step}`}>
      <p style={{ color: "#475569" }}>Open: {open.join(", ")}</p>
      <ul className="space-y-2">
        {tasks.map((task) => (
          <li key={task.id} onClick={() => toggle(task.id)}>{task.title}</li>
        ))}
      </ul>
      <strong>{total}</strong>
      <button onClick={() => setStep(step + 1)}>Next step</button>
    </Card>
  );
}
