/** Sets the exit status of the process once a command is through; streams are left to empty themselves. */
export async function run(command: () => Promise<number>): Promise<void> {
  const status = await command();
  process.exitCode = status;
}
