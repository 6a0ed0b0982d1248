import { Camera, Heart, icons, type LucideProps } from "lucide-react";

const style: LucideProps = { size: 40, color: "crimson", strokeWidth: 1.5 };

export default function Icons() {
  return (
    <p>
      <Camera {...style} /> <Heart {...style} fill="pink" /> {Object.keys(icons).length > 1000 ? "more than a thousand icons" : "few"}
    </p>
  );
}
