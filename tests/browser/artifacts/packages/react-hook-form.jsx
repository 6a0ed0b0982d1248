import { Controller, useFieldArray, useForm, useWatch } from "react-hook-form";

export default function Guests() {
  const { control, register, handleSubmit, formState } = useForm({ defaultValues: { guests: [{ name: "Ada" }], diet: "any" } });
  const { fields, append } = useFieldArray({ control, name: "guests" });
  const diet = useWatch({ control, name: "diet" });
  return (
    <form onSubmit={handleSubmit(() => {})}>
      {fields.map((field, index) => <input key={field.id} {...register(`guests.${index}.name`, { required: "A name, please" })} />)}
      <button type="button" id="append" onClick={() => append({ name: "" })}>One more</button>
      <Controller control={control} name="diet" render={({ field }) => <input {...field} id="diet" />} />
      <button id="send">Send</button>
      <p>{fields.length} guests, {diet} food, {formState.errors.guests?.[1]?.name?.message ?? "no error"}</p>
    </form>
  );
}
