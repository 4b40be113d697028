import { startPage } from '../shared/page'
import SupervisorApp from './SupervisorApp.vue'

startPage(SupervisorApp)
