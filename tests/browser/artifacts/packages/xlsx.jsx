import * as XLSX from "xlsx";
import { read, utils } from "xlsx";

const sheet = XLSX.utils.aoa_to_sheet([["a", "b"], [1, 2.5]]);
sheet.C2 = { t: "n", v: 3.5, f: "A2+B2" };
sheet["!ref"] = "A1:C2";
const book = XLSX.utils.book_new();
XLSX.utils.book_append_sheet(book, sheet, "Sums");
const bytes = XLSX.write(book, { type: "array", bookType: "xlsx" });
const back = read(bytes);

export default function Workbook() {
  return <p>{back.SheetNames.join()} {utils.sheet_to_csv(back.Sheets.Sums)} {back.Sheets.Sums.C2.f}</p>;
}
