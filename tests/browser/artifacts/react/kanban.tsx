import { useState, type DragEvent } from "react";
import { GripVertical, Plus } from "lucide-react";

type ColumnId = "todo" | "doing" | "done";

interface Card {
  id: number;
  title: string;
  column: ColumnId;
}

const COLUMNS: Record<ColumnId, string> = { todo: "To do", doing: "In progress", done: "Done" };

export default function KanbanBoard() {
  const [cards, setCards] = useState<Card[]>([
    { id: 1, title: "Write the brief", column: "todo" },
    { id: 2, title: "Sketch the layout", column: "todo" },
    { id: 3, title: "Pick the colours", column: "doing" },
  ]);
  const [over, setOver] = useState<ColumnId | null>(null);

  const handleDrop = (event: DragEvent<HTMLElement>, column: ColumnId) => {
    event.preventDefault();
    const id = Number(event.dataTransfer.getData("text/plain"));
    setCards((current) => current.map((card) => (card.id === id ? { ...card, column } : card)));
    setOver(null);
  };

  const addCard = (column: ColumnId) =>
    setCards((current) => [...current, { id: Date.now(), title: "New card", column }]);

  return (
    <div className="grid grid-cols-3 gap-4 p-6 bg-gray-50">
      {(Object.keys(COLUMNS) as ColumnId[]).map((column) => {
        const own = cards.filter((card) => card.column === column);
        return (
          <section
            key={column}
            id={column}
            onDragOver={(event) => { event.preventDefault(); setOver(column); }}
            onDragLeave={() => setOver(null)}
            onDrop={(event) => handleDrop(event, column)}
            className={`rounded-xl p-3 min-h-40 ${over === column ? "bg-blue-100" : "bg-gray-200"}`}
          >
            <h2 className="font-semibold">{COLUMNS[column]}: {own.length}</h2>
            {own.map((card) => (
              <article
                key={card.id}
                id={`card-${card.id}`}
                draggable
                onDragStart={(event) => event.dataTransfer.setData("text/plain", String(card.id))}
                className="mt-2 flex items-center gap-2 rounded bg-white p-2 shadow cursor-grab"
              >
                <GripVertical size={16} /> {card.title}
              </article>
            ))}
            <button className="mt-2 flex items-center gap-1" onClick={() => addCard(column)}>
              <Plus className="w-4 h-4" /> Add
            </button>
          </section>
        );
      })}
    </div>
  );
}
