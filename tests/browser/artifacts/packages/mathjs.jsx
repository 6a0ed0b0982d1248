import * as math from "mathjs";
import { bignumber, create, det, divide, evaluate, matrix, simplify } from "mathjs";

const exact = create({ precision: 30 });

export default function Sums() {
  return (
    <ul>
      <li>{String(evaluate("sqrt(-4) + 2 i"))}</li>
      <li>{det(matrix([[2, 1], [1, 3]]))}</li>
      <li>{simplify("2x + 3x").toString()}</li>
      <li>{math.format(math.unit(5, "km").to("mile"), 4)}</li>
      <li>{String(divide(bignumber(1), bignumber(3))).length} digits, {typeof exact}</li>
    </ul>
  );
}
