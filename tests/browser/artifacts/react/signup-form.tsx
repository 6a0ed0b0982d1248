import { useState } from "react";
import { useForm, type SubmitHandler } from "react-hook-form";
import { z } from "zod";

const schema = z.object({
  name: z.string().min(2, "The name is too short"),
  email: z.string().email("That is no e-mail address"),
  age: z.coerce.number().int().min(18, "You have to be 18"),
});

type Values = z.infer<typeof schema>;
type Inputs = { [Key in keyof Values]: string };

const check = (field: keyof Inputs) => (value: string): true | string => {
  const result = schema.shape[field].safeParse(value);
  return result.success || result.error.issues[0].message;
};

export default function SignupForm() {
  const [welcome, setWelcome] = useState<Values | null>(null);
  const { register, handleSubmit, reset, formState: { errors, isSubmitting } } = useForm<Inputs>({
    defaultValues: { name: "", email: "", age: "" },
  });

  const onSubmit: SubmitHandler<Inputs> = async (inputs) => {
    setWelcome(schema.parse(inputs));
    reset();
  };

  return (
    <form onSubmit={handleSubmit(onSubmit)} noValidate className="max-w-sm mx-auto p-6 space-y-4">
      {(["name", "email", "age"] as const).map((field) => (
        <label key={field} className="block">
          <span className="capitalize">{field}</span>
          <input
            {...register(field, { validate: check(field) })}
            id={field}
            aria-invalid={!!errors[field]}
            className="w-full border rounded px-3 py-2"
          />
          {errors[field] && <span role="alert" className="text-red-600 text-sm">{errors[field]?.message}</span>}
        </label>
      ))}
      <button type="submit" disabled={isSubmitting} className="bg-blue-600 text-white px-4 py-2 rounded">Sign up</button>
      {welcome && <p role="status">Welcome, {welcome.name}, {welcome.age + 1} next year</p>}
    </form>
  );
}
