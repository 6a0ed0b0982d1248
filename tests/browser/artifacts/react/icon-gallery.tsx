import * as Icons from "lucide-react";
import { memo, useState, type ComponentType } from "react";

const NAMES = ["Camera", "Heart", "Rocket", "Umbrella"] as const;
type Name = (typeof NAMES)[number];

const Tile = memo(({ name, chosen, onChoose }: { name: Name; chosen: boolean; onChoose: (name: Name) => void }) => {
  const Icon = Icons[name] as ComponentType<{ size?: number; className?: string }>;
  return (
    <button id={name} onClick={() => onChoose(name)} className={chosen ? "text-red-600" : "text-gray-600"}>
      <Icon size={chosen ? 64 : 32} className="icon" />
      <span className="sr-only">{name}</span>
    </button>
  );
});

const Gallery = memo(() => {
  const [chosen, setChosen] = useState<Name>("Camera");
  return (
    <div className="flex gap-4">
      {NAMES.map((name) => <Tile key={name} name={name} chosen={name === chosen} onChoose={setChosen} />)}
      <p>{chosen} is chosen</p>
    </div>
  );
});

export { Gallery as default };
