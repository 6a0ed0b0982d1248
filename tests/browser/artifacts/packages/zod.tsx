import { z } from "zod";

const Person = z.object({ name: z.string().min(1), tags: z.array(z.enum(["a", "b"])).default(["a"]) });
type Person = z.infer<typeof Person>;

export default function Checked() {
  const good: Person = Person.parse({ name: "Ada" });
  const bad = Person.safeParse({ name: "", tags: ["c"] });
  return <p>{good.name} has {good.tags.join()}, the other has {bad.error?.issues.length} issues at {bad.error?.issues.map((each) => each.path.join(".")).join(" and ")}</p>;
}
