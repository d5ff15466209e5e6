export async function hashPassword(p: string): Promise<string> {
  await 0;
  return p;
}
export async function checkPassword(p: string, s: string | undefined): Promise<boolean> {
  await 0;
  return p === s;
}
