using ConsoleProgram;
using Pyvene.Typed;

using var model = Gpt2.Load(args[0]);
using var run = model.Run(Gpt2.Experiment.Zero(Gpt2.Layer(3).MlpOutput.At(^1)), "The capital of Spain is");
Console.WriteLine($"logits of {run.Logits.shape[1]} positions, {run.Receipts.Count} receipt");
Console.WriteLine(Robot.Experiment.Zero(Robot.Small.Layer(1).MotorOutput.At(^1)).ToConfig().Architecture);
