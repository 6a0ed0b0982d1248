import { useState } from "react";
import cn from "clsx";
import { Star } from "lucide-react";

const formatStars = (count) => (count > 999 ? `${(count / 1000).toFixed(1)}k` : String(count));

const REPOSITORIES = [
  { name: "compass", stars: 4821, language: "Rust" },
  { name: "lantern", stars: 312, language: "Python" },
  { name: "harbour", stars: 95, language: "TypeScript" },
];

function RepositoryList() {
  const [chosen, setChosen] = useState("compass");
  return (
    <main className="mx-auto max-w-md p-6">
      <h1 className="text-xl font-bold">Repositories</h1>
      {REPOSITORIES.map((repository) => (
        <button
          key={repository.name}
          className={cn("flex w-full gap-2 p-3", repository.name === chosen && "bg-amber-100")}
          onClick={() => setChosen(repository.name)}
        >
          <Star size={16} />
          <span>{repository.name}</span>
          <span>{formatStars(repository.stars)}</span>
        </button>
      ))}
    </main>
  );
}

export default RepositoryList;
