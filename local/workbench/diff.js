// Compares two texts line by line: which lines went, which came, which stayed.

// The table of the comparison has a cell of two bytes for each pair of lines; beyond this, all counts as replaced.
const LARGEST_TABLE = 25_000_000;

/** Return the lines of both texts in order, as {sign: " " | "-" | "+", text}. */
export function compareLines(before, after) {
  const [old, young] = [before.split("\n"), after.split("\n")];
  const start = commonLength(old, young, (lines, index) => lines[index]);
  const [oldRest, youngRest] = [old.slice(start), young.slice(start)];
  const end = commonLength(oldRest, youngRest, (lines, index) => lines[lines.length - 1 - index]);
  const middle = compareMiddle(oldRest.slice(0, oldRest.length - end), youngRest.slice(0, youngRest.length - end));
  return [...signed(" ", old.slice(0, start)), ...middle, ...signed(" ", oldRest.slice(oldRest.length - end))];
}

/** Count the lines of each sign but those that stayed. */
export function countChanges(lines) {
  const count = (sign) => lines.filter((line) => line.sign === sign).length;
  return { added: count("+"), removed: count("-") };
}

function signed(sign, lines) {
  return lines.map((text) => ({ sign, text }));
}

function commonLength(old, young, lineAt) {
  const limit = Math.min(old.length, young.length);
  let length = 0;
  while (length < limit && lineAt(old, length) === lineAt(young, length)) length += 1;
  return length;
}

function compareMiddle(old, young) {
  if ((old.length + 1) * (young.length + 1) > LARGEST_TABLE) return [...signed("-", old), ...signed("+", young)];
  const longest = longestCommon(old, young);
  const width = young.length + 1;
  const lines = [];
  let [left, right] = [0, 0];
  while (left < old.length && right < young.length) {
    if (old[left] === young[right]) {
      lines.push({ sign: " ", text: old[left] });
      left += 1;
      right += 1;
    } else if (longest[(left + 1) * width + right] >= longest[left * width + right + 1]) {
      lines.push({ sign: "-", text: old[left++] });
    } else {
      lines.push({ sign: "+", text: young[right++] });
    }
  }
  return [...lines, ...signed("-", old.slice(left)), ...signed("+", young.slice(right))];
}

/** Return how many lines the rest of both has in common, from each pair of lines on, row by row. */
function longestCommon(old, young) {
  const width = young.length + 1;
  const longest = new Uint16Array((old.length + 1) * width);
  for (let left = old.length - 1; left >= 0; left -= 1) {
    for (let right = young.length - 1; right >= 0; right -= 1) {
      const here = left * width + right;
      longest[here] = old[left] === young[right]
        ? longest[here + width + 1] + 1
        : Math.max(longest[here + width], longest[here + 1]);
    }
  }
  return longest;
}
