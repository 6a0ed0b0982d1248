/** Why an artifact is not drawn. `phase` says where: "compile", "load" (a library, a file) or "run". */
export class RenderError extends Error {
  constructor(phase, message, { line, column } = {}) {
    super(message);
    this.name = "RenderError";
    this.phase = phase;
    this.line = line;
    this.column = column;
  }
}
