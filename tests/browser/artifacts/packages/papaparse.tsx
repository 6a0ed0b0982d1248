import { parse, unparse } from "papaparse";

const { data } = parse<{ name: string; age: number }>('name;age\n"Lovelace; Ada";36\n', {
  header: true, dynamicTyping: true, skipEmptyLines: true,
});

export default function Parsed() {
  return <pre>{data[0].name} will be {data[0].age + 1}; {unparse([["a,b", 1]])}</pre>;
}
