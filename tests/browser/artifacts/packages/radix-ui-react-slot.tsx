import { Slot, Slottable } from "@radix-ui/react-slot";
import type { ComponentProps } from "react";

function Button({ asChild, children, ...props }: ComponentProps<"button"> & { asChild?: boolean }) {
  const Comp = asChild ? Slot : "button";
  return <Comp {...props} className="made-by-slot"><i>→</i><Slottable>{children}</Slottable></Comp>;
}

export default function Links() {
  return <Button asChild><a href="#there" id="there">A link, not a button</a></Button>;
}
