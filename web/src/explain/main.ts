import { startPage } from '../shared/page'
import ExplainApp from './ExplainApp.vue'

startPage(ExplainApp)
