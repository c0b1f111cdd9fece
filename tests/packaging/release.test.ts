/** What the release check refuses. */
import { describe, expect, test } from 'vitest';
import { auditFinding, versionProblem } from '../../scripts/release.js';

const files = (version: string, locked: string, heading: string): Parameters<typeof versionProblem>[0] => ({
  package: JSON.stringify({ version }),
  lock: JSON.stringify({ version: locked, packages: { '': { version: locked } } }),
  changelog: `# Changelog\n\n## ${heading}\n\n- Something.\n\n## 0.0.1\n`,
});

describe('version', () => {
  test('is right when package.json, the lock file and the changelog agree', () => {
    expect(versionProblem(files('1.2.0', '1.2.0', '1.2.0'))).toBeUndefined();
  });

  test('is wrong with each file that says another', () => {
    expect(versionProblem(files('1.2.0', '1.1.0', '1.2.0'))).toBe(
      'package.json says 1.2.0. package-lock.json says 1.1.0: run npm install',
    );
    expect(versionProblem(files('1.2.0', '1.2.0', 'Unreleased'))).toBe(
      'package.json says 1.2.0. CHANGELOG.md begins with Unreleased: describe 1.2.0 at its top',
    );
  });

  test('is wrong when Python cannot express it', () => {
    expect(versionProblem(files('1.2.0-nightly', '1.2.0-nightly', '1.2.0-nightly'))).toContain(
      'no equivalent in Python',
    );
  });
});

describe('audit', () => {
  test('is good without vulnerabilities, bad with one, and unknown without an answer', () => {
    expect(auditFinding(0, '{"metadata":{"vulnerabilities":{"total":0}}}')).toBeUndefined();
    expect(auditFinding(1, '{"metadata":{"vulnerabilities":{"total":2}}}')).toBe(
      '2 known vulnerabilities: npm audit --omit=dev',
    );
    expect(auditFinding(1, '{"message":"405 Method Not Allowed","error":{}}')).toEqual({
      unknown: 'the registry does not answer (405 Method Not Allowed); run npm audit --omit=dev where it does',
    });
    expect(auditFinding(1, '')).toMatchObject({ unknown: expect.stringContaining('by hand') });
  });
});
