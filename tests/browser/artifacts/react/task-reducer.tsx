import { useReducer, useState, FormEvent } from "react";

enum Priority {
  Low = "low",
  Normal = "normal",
  High = "high",
}

type Task = { id: number; text: string; done: boolean; priority: Priority };

type Action =
  | { type: "added"; text: string; priority: Priority }
  | { type: "toggled"; id: number }
  | { type: "cleared" };

const COLORS = {
  [Priority.Low]: "#6b7280",
  [Priority.Normal]: "#2563eb",
  [Priority.High]: "#dc2626",
} satisfies Record<Priority, string>;

const PRIORITIES = [Priority.Low, Priority.Normal, Priority.High] as const;

function tasksReducer(tasks: Task[], action: Action): Task[] {
  switch (action.type) {
    case "added":
      return [...tasks, { id: tasks.length + 1, text: action.text, done: false, priority: action.priority }];
    case "toggled":
      return tasks.map((task) => (task.id === action.id ? { ...task, done: !task.done } : task));
    case "cleared":
      return tasks.filter((task) => !task.done);
    default: {
      const never: never = action;
      throw new Error(`Unknown action: ${String(never)}`);
    }
  }
}

export default function Tasks() {
  const [tasks, dispatch] = useReducer(tasksReducer, [
    { id: 1, text: "Water the plants", done: false, priority: Priority.High },
  ]);
  const [text, setText] = useState<string>("");
  const [priority, setPriority] = useState<Priority>(Priority.Normal);

  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    if (!text.trim()) return;
    dispatch({ type: "added", text: text.trim(), priority });
    setText("");
  };

  const open = tasks.filter((task) => !task.done).length;

  return (
    <main style={{ fontFamily: "system-ui", maxWidth: 420, margin: "2rem auto" }}>
      <h1>{open} open {open === 1 ? "task" : "tasks"}</h1>
      <form onSubmit={submit}>
        <input value={text} onChange={(event) => setText(event.target.value)} placeholder="What next?" />
        <select value={priority} onChange={(event) => setPriority(event.target.value as Priority)}>
          {PRIORITIES.map((each) => <option key={each} value={each}>{each}</option>)}
        </select>
        <button type="submit">Add</button>
      </form>
      <ul>
        {tasks.map((task) => (
          <li key={task.id} style={{ color: COLORS[task.priority], textDecoration: task.done ? "line-through" : "none" }}>
            <label>
              <input type="checkbox" checked={task.done} onChange={() => dispatch({ type: "toggled", id: task.id })} />
              {task.text} ({task.priority})
            </label>
          </li>
        ))}
      </ul>
      <button id="clear" onClick={() => dispatch({ type: "cleared" })}>Clear done</button>
    </main>
  );
}
