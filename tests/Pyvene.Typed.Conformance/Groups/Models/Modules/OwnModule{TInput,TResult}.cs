using System.Runtime.CompilerServices;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Pyvene.Typed.Conformance.Groups.Models.Modules;

/// <summary>Is a module whose forward is said in words.</summary>
/// <typeparam name="TInput">A tensor, or a tuple of them.</typeparam>
/// <typeparam name="TResult">A tensor, or a tuple of them.</typeparam>
internal sealed class OwnModule<TInput, TResult> : nn.Module<TInput, TResult>
{
    private readonly ForwardWords words;

    public OwnModule(
        string name,
        IEnumerable<(string Name, nn.Module Module)> children,
        IReadOnlyDictionary<string, long[]> parameters,
        IReadOnlyDictionary<string, long[]> buffers,
        ForwardWords words)
        : base(name)
    {
        this.words = words;
        foreach (var child in children) register_module(child.Name, child.Module);
        foreach (var (parameter, shape) in parameters) register_parameter(parameter, new Parameter(zeros(shape)));
        foreach (var (buffer, shape) in buffers) register_buffer(buffer, zeros(shape));
    }

    /// <summary>Does what the words say.</summary>
    public override TResult forward(TInput input)
    {
        var values = named_parameters(recurse: false).ToDictionary(item => item.name, item => (Tensor?)item.parameter);
        foreach (var (name, buffer) in named_buffers(recurse: false)) values[name] = buffer;
        Tensor[] given = input is ITuple row ? [.. Enumerable.Range(0, row.Length).Select(index => (Tensor)row[index]!)] : [(Tensor)(object)input!];
        foreach (var (name, tensor) in words.Inputs.Zip(given)) values[name] = tensor;
        var results = words.Run(values).Select(result => given.Contains(result) ? result.alias() : result).ToArray<object>();
        return (TResult)(results.Length == 1 ? results[0] : Activator.CreateInstance(typeof(TResult), results)!);
    }
}
