import * as React from "react";
import { cva, type VariantProps } from "class-variance-authority";
import { clsx, type ClassValue } from "clsx";
import { twMerge } from "tailwind-merge";
import { Slot } from "@radix-ui/react-slot";
import { Check } from "lucide-react";

const cn = (...inputs: ClassValue[]) => twMerge(clsx(inputs));

const buttonVariants = cva("inline-flex items-center rounded-md font-medium transition-colors", {
  variants: {
    variant: { default: "bg-zinc-900 text-white", outline: "border border-zinc-300 bg-transparent" },
    size: { sm: "h-8 px-3 text-xs", lg: "h-12 px-6 text-base" },
  },
  defaultVariants: { variant: "default", size: "lg" },
});

export interface ButtonProps
  extends React.ButtonHTMLAttributes<HTMLButtonElement>,
    VariantProps<typeof buttonVariants> {
  asChild?: boolean;
}

const Button = React.forwardRef<HTMLButtonElement, ButtonProps>(
  ({ className, variant, size, asChild = false, ...props }, ref) => {
    const Comp = asChild ? Slot : "button";
    return <Comp className={cn(buttonVariants({ variant, size, className }))} ref={ref} {...props} />;
  },
);
Button.displayName = "Button";

const PLANS = [
  { name: "Free", price: 0, features: ["1 project", "Community"] },
  { name: "Pro", price: 12, features: ["10 projects", "E-mail", "Exports"], highlighted: true },
];

export default function Pricing() {
  return (
    <div className="grid grid-cols-1 gap-6 p-6 sm:grid-cols-2 lg:grid-cols-3">
      {PLANS.map(({ name, price, features, highlighted }) => (
        <div key={name} className={cn("rounded-2xl border p-6", highlighted && "border-2 border-indigo-500 p-8")}>
          <h3 className="text-lg font-semibold">{name}</h3>
          <p className="my-4 text-4xl font-bold tracking-tight">${price}<span className="text-base">/mo</span></p>
          <ul>{features.map((each) => <li key={each} className="flex gap-2"><Check className="text-green-600" />{each}</li>)}</ul>
          <Button id={name} variant={highlighted ? "default" : "outline"} className="mt-4 px-10">Choose {name}</Button>
        </div>
      ))}
      <Button asChild size="sm"><a href="#top" id="more">More</a></Button>
    </div>
  );
}
