import _, { chunk } from "lodash";
import debounce from "lodash/debounce";
import fp from "lodash/fp";
import { useEffect, useState } from "react";

const late = debounce((say) => say("called once"), 20);
const double = fp.flow(fp.filter((n) => n % 2), fp.map((n) => n * 2));

export default function Lists() {
  const [said, say] = useState("");
  useEffect(() => {
    late(say);
    late((text) => say(`debounced and ${text}`));
  }, []);
  return <p>{JSON.stringify(chunk(_.range(5), 2))} {_.startCase("fooBar")} {double([1, 2, 3]).join("+")} {said}</p>;
}
