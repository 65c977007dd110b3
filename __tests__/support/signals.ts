/** Whether a process can be asked to end. Windows has no such signals: a process there is only ever killed. */
export const hasSignals = process.platform !== "win32";
