import type { KernelIdentity } from "../../src/index.js";

/** What the environment names; see clients/README.md. */
export function variable(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === "") {
    throw new Error(`${name} is not set; clients/README.md says what the integration tests need`);
  }
  return value;
}

/** Who the kernel of TRACERY_TEST_TRACEFS is. */
export function identity(): KernelIdentity {
  const { page_size, ...rest } = JSON.parse(variable("TRACERY_TEST_IDENTITY")) as KernelIdentity & {
    page_size: number;
  };
  return { ...rest, bits: rest.bits === 32 ? 32 : 64, pageSize: page_size };
}
