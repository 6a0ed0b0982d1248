import * as Accordion from "@radix-ui/react-accordion";

export default function Faq() {
  return (
    <Accordion.Root type="multiple" defaultValue={["why"]}>
      {[["why", "Because."], ["how", "Like this."]].map(([question, answer]) => (
        <Accordion.Item key={question} value={question}>
          <Accordion.Header><Accordion.Trigger id={question}>{question}?</Accordion.Trigger></Accordion.Header>
          <Accordion.Content>{answer}</Accordion.Content>
        </Accordion.Item>
      ))}
    </Accordion.Root>
  );
}
