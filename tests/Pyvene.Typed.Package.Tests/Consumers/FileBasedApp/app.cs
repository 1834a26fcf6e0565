#:package Pyvene.Typed@0.1.0
#:package libtorch-cpu-linux-x64@2.10.0
#:property PublishAot=false
#:property JsonSerializerIsReflectionEnabledByDefault=false
#:property RootNamespace=Weather
using Pyvene.Typed;
using TorchSharp;
using Weather;

// The first call is TorchSharp's own.
using var ones = torch.ones(2, 3);
Console.WriteLine($"{ones.sum().item<float>()}");
Console.WriteLine(Forecast.Experiment.Zero(Forecast.Layer(0).WindOutput.At(0)).ToConfig().Architecture);
