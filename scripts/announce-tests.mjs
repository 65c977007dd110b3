// Jest runs this before all tests: who starts them all should know how long they take.
export default function announceTests({ nonFlagArgs }) {
  if (nonFlagArgs.length > 0) return;
  console.error(
    "\nAll tests: about three minutes on two cores. `npm test -- PATH` runs those of one file or folder.\n",
  );
}
