/**
 * Tests that need a part from outside the repository are named after it
 * (queue.redis.test.ts) and run on their own: `npm run test:redis`. So are
 * those that need minutes: crash, and e2e.
 */
const NEEDS = ["redis", "moto", "browser", "crash", "e2e"];
const suite = process.env.SUITE;

// What the AWS SDK says of Node's age at every start hides what tests say.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = "true";

/** @type {import("jest").Config} */
export default {
  testEnvironment: "node",
  extensionsToTreatAsEsm: [".ts", ".tsx"],
  transform: {
    "^.+\\.tsx?$": ["@swc/jest", { jsc: { target: "es2023", parser: { syntax: "typescript", tsx: true } } }],
  },
  // Most of the time goes into loading modules, so that every core has its use; what starts servers has them to itself.
  ...(suite ? {} : { maxWorkers: "100%" }),
  // Starting a Postgres takes half a second, and many times that on a machine that has other things to do.
  testTimeout: 30_000,
  testMatch: [suite ? `<rootDir>/test/**/*.${suite}.test.ts` : "<rootDir>/test/**/*.test.ts"],
  testPathIgnorePatterns: suite ? [] : [`\\.(${NEEDS.join("|")})\\.test\\.ts$`],
  modulePathIgnorePatterns: ["<rootDir>/dist/", "<rootDir>/.spillway/"],
};
