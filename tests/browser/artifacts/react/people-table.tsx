import { useMemo, useState, type ReactNode } from "react";
import { ArrowDown, ArrowUp, ChevronsUpDown } from "lucide-react";

interface Column<T> {
  key: keyof T & string;
  header: string;
  render?: (row: T) => ReactNode;
}

interface TableProps<T extends { id: number }> {
  rows: readonly T[];
  columns: Column<T>[];
}

function useSorted<T>(rows: readonly T[]) {
  const [key, setKey] = useState<keyof T | null>(null);
  const [ascending, setAscending] = useState(true);
  const sorted = useMemo(() => {
    if (key === null) return rows;
    const sign = ascending ? 1 : -1;
    return [...rows].sort((a, b) => (a[key] < b[key] ? -sign : a[key] > b[key] ? sign : 0));
  }, [rows, key, ascending]);
  const sortBy = (next: keyof T) => {
    setAscending(next === key ? !ascending : true);
    setKey(next);
  };
  return { sorted, key, ascending, sortBy };
}

const Table = <T extends { id: number }>({ rows, columns }: TableProps<T>) => {
  const { sorted, key, ascending, sortBy } = useSorted(rows);
  return (
    <table className="min-w-full divide-y divide-gray-200">
      <thead>
        <tr>
          {columns.map((column) => (
            <th key={column.key} id={`by-${column.key}`} onClick={() => sortBy(column.key)} className="cursor-pointer">
              {column.header}
              {key !== column.key ? <ChevronsUpDown size={12} /> : ascending ? <ArrowUp size={12} /> : <ArrowDown size={12} />}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {sorted.map((row) => (
          <tr key={row.id}>
            {columns.map(({ key: at, render }) => <td key={at}>{render ? render(row) : String(row[at])}</td>)}
          </tr>
        ))}
      </tbody>
    </table>
  );
};

type Person = { id: number; name: string; born: number };
const PEOPLE: Person[] = [
  { id: 1, name: "Grace Hopper", born: 1906 },
  { id: 2, name: "Ada Lovelace", born: 1815 },
  { id: 3, name: "Radia Perlman", born: 1951 },
];

export default function People() {
  return (
    <Table<Person>
      rows={PEOPLE}
      columns={[
        { key: "name", header: "Name", render: ({ name }) => <strong>{name}</strong> },
        { key: "born", header: "Born" },
      ]}
    />
  );
}
