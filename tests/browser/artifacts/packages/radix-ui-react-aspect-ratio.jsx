import { AspectRatio } from "@radix-ui/react-aspect-ratio";

export default function Wide() {
  return <div style={{ width: 320 }}><AspectRatio ratio={16 / 9} id="wide" style={{ background: "teal" }}>wide</AspectRatio></div>;
}
