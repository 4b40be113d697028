import { startPage } from '../shared/page'
import PlannerApp from './PlannerApp.vue'
import './planner.css'

startPage(PlannerApp)
