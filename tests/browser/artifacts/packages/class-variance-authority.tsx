import { cva, cx, type VariantProps } from "class-variance-authority";

const badge = cva("badge", {
  variants: { tone: { calm: "calm", loud: "loud" }, big: { true: "big" } },
  compoundVariants: [{ tone: "loud", big: true, class: "shouting" }],
  defaultVariants: { tone: "calm" },
});

const Badge = (props: VariantProps<typeof badge>) => <code>{badge(props)}; </code>;

export default function Badges() {
  return <p><Badge /><Badge tone="loud" big />{cx("x", ["y"])}</p>;
}
