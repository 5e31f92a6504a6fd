#!/usr/bin/env node
// Written so that any Node since 12.20 can read it: an old one says what is needed instead of showing a syntax error.
import { existsSync } from 'node:fs'
import * as nodeModule from 'node:module'

const major = Number(process.versions.node.split('.')[0])
if (major < 24) {
  process.stderr.write(
    'Broadsheet needs Node.js 24 or newer; this is ' +
      process.version +
      '.\n' +
      "Get it from https://nodejs.org/ or your system's packages, or put one beside your project: npm install node@24\n",
  )
  process.exit(2)
}
// What was compiled once need not be compiled at every start: it halves the time of a short command.
nodeModule.enableCompileCache()
// In a clone the sources run as they are; the published package has no src/, only what was compiled from it.
const source = new URL('../src/main.ts', import.meta.url)
const compiled = new URL('../dist/main.js', import.meta.url)
import((existsSync(source) ? source : compiled).href)
