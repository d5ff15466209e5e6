// Whether what a document names is there.

/** @param path from the project's folder */
export function exists(path: string): boolean {
  try {
    return Deno.statSync(new URL(`../../${path}`, import.meta.url)) !== undefined;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
