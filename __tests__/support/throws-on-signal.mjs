// Loaded before the built action: throws where nobody catches it, as a defect anywhere would.
process.on("SIGUSR2", () => {
  throw new Error("a defect");
});
