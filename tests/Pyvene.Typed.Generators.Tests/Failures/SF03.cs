// SF03: a filter matches nothing, and the cache is empty. What is read is asked for by handle, never by a pattern.
// Here: cannot be written
// Caught by: CS0619 PVT221
static object Read(ExperimentRun<Gpt2> run) => run["blocks.*.mlp_out"];
