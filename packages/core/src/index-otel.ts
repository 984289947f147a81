export { createOtelTracer, type OtelTracerOptions } from './otel/create-otel-tracer.ts'
