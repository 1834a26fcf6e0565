// SF24: an edit in place does nothing to the run. What was collected cannot be assigned to; steps replace values.
// Caught by: CS0200
static void Edit(ExperimentRun<Gpt2> run, Collected<Gpt2> handle, Tensor values) => run[handle] = values;
