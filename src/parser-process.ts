/** The process in which what came from outside is read. */
import { serve } from './isolation/serve.ts'
import { parsers } from './parsers.ts'

serve(parsers)
