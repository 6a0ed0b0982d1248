import { useEffect, useMemo, useState } from "react";

const PEOPLE = [
  { name: "Ada Lovelace", tags: ["mathematics", "engines"] },
  { name: "Grace Hopper", tags: ["compilers", "navy"] },
];

export default function Profile() {
  const [person, setPerson] = useState(null);
  const [visits, setVisits] = useState(0);

  useEffect(() => {
    const timer = setTimeout(() => setPerson(PEOPLE[visits % PEOPLE.length]), 300);
    return () => clearTimeout(timer);
  }, [visits]);

  useEffect(() => {
    document.title = person ? person.name : "Profile";
  }, [person]);

  const initials = useMemo(() => (person ? person.name.replace(/[^A-Z]/g, "") : ""), [person]);
  if (!person) return <p className="p-6">Loading…</p>;

  return (
    <article className="m-6 rounded-xl bg-slate-100 p-6">
      <span className="rounded-full bg-indigo-600 p-3 text-white">{initials}</span>
      <h1 className="mt-4 text-xl">{person.name}</h1>
      <p>{person.tags.join(", ")}</p>
      <button className="mt-4 underline" onClick={() => setVisits(visits + 1)}>
        Next
      </button>
    </article>
  );
}
