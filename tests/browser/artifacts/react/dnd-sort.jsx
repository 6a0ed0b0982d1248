import { useState } from 'react';

export default function SortableList() {
  const [items, setItems] = useState(['🍎 Apple', '🍌 Banana', '🍒 Cherry']);
  const [dragged, setDragged] = useState(null);

  const drop = (target) => {
    const next = [...items];
    const [moved] = next.splice(dragged, 1);
    next.splice(target, 0, moved);
    setItems(next);
    setDragged(null);
  };

  return (
    <ul style={{ listStyle: 'none', padding: 0, width: 200 }}>
      {items.map((item, index) => (
        <li
          key={item}
          id={`item-${index}`}
          draggable="true"
          onDragStart={(e) => { setDragged(index); e.dataTransfer.effectAllowed = 'move'; }}
          onDragEnter={(e) => e.preventDefault()}
          onDragOver={(e) => e.preventDefault()}
          onDrop={() => drop(index)}
          style={{ padding: 8, margin: 4, background: dragged === index ? '#fde68a' : '#e5e7eb' }}
        >
          {index + 1}. {item}
        </li>
      ))}
    </ul>
  );
}
