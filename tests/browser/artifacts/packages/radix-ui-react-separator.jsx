import { Separator } from "@radix-ui/react-separator";

export default function Parts() {
  return <div style={{ width: 200 }}>above<Separator id="line" style={{ height: 2, background: "black" }} /><Separator decorative orientation="vertical" />below</div>;
}
