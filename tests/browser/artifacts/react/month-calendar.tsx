import { useState } from "react";
import {
  addMonths, eachDayOfInterval, endOfMonth, endOfWeek, format, isSameMonth, startOfMonth, startOfWeek,
} from "date-fns";
import { de } from "date-fns/locale";
import { ChevronLeft, ChevronRight } from "lucide-react";

const START = new Date(2026, 1, 14);

export default function Calendar() {
  const [month, setMonth] = useState(START);
  const [selected, setSelected] = useState<Date | undefined>();
  const days = eachDayOfInterval({
    start: startOfWeek(startOfMonth(month), { weekStartsOn: 1 }),
    end: endOfWeek(endOfMonth(month), { weekStartsOn: 1 }),
  });

  return (
    <div className="w-80 rounded-lg border p-4">
      <header className="flex justify-between">
        <button aria-label="previous" onClick={() => setMonth((m) => addMonths(m, -1))}><ChevronLeft /></button>
        <h2>{format(month, "MMMM yyyy", { locale: de })}</h2>
        <button aria-label="next" onClick={() => setMonth((m) => addMonths(m, 1))}><ChevronRight /></button>
      </header>
      <div className="grid grid-cols-7 text-center">
        {days.slice(0, 7).map((day) => <b key={format(day, "i")}>{format(day, "EEEEEE", { locale: de })}</b>)}
        {days.map((day) => (
          <button
            key={day.toISOString()}
            data-day={format(day, "yyyy-MM-dd")}
            className={isSameMonth(day, month) ? "" : "text-gray-400"}
            onClick={() => setSelected(day)}
          >
            {format(day, "d")}
          </button>
        ))}
      </div>
      <p>{selected ? format(selected, "EEEE, d. MMMM", { locale: de }) : "Kein Tag gewählt"}</p>
    </div>
  );
}
