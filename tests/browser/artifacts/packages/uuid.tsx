import { v4 as uuidv4, v5, validate } from "uuid";

const id: string = uuidv4();

export default function Ids() {
  return <p>{validate(id) ? "valid" : "invalid"}, {id.length} characters, {v5("example.org", v5.DNS)}</p>;
}
