import { useMemo, useState } from "react";
import Papa from "papaparse";

type Row = Record<string, string>;
interface Sort {
  column: string;
  descending: boolean;
}

const CSV = `city,country,population
Graz,Austria,302749
Porto,Portugal,249633
"Bergen, the city",Norway,291940
`;

export default function CsvTable() {
  const [text, setText] = useState(CSV);
  const [sort, setSort] = useState<Sort | null>(null);

  const { data: rows, meta, errors } = useMemo(
    () => Papa.parse<Row>(text, { header: true, skipEmptyLines: true }),
    [text],
  );

  const sorted = useMemo(() => {
    if (!sort) return rows;
    const order = [...rows].sort((a, b) =>
      a[sort.column].localeCompare(b[sort.column], undefined, { numeric: true }),
    );
    return sort.descending ? order.reverse() : order;
  }, [rows, sort]);

  const toggle = (column: string) =>
    setSort((current) => ({ column, descending: current?.column === column ? !current.descending : false }));

  return (
    <div className="p-4 space-y-4">
      <input type="file" accept=".csv" onChange={async (e) => setText((await e.target.files?.[0]?.text()) ?? "")} />
      {errors.length > 0 && <p>{errors[0].message}</p>}
      <table className="w-full text-left">
        <thead>
          <tr>
            {(meta.fields ?? []).map((field) => (
              <th key={field}>
                <button id={`by-${field}`} onClick={() => toggle(field)}>
                  {field} {sort?.column === field ? (sort.descending ? "▼" : "▲") : ""}
                </button>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {sorted.map((row, index) => (
            <tr key={index}>{Object.values(row).map((cell, at) => <td key={at}>{cell}</td>)}</tr>
          ))}
        </tbody>
      </table>
      <p>First: {sorted[0]?.city}</p>
    </div>
  );
}
