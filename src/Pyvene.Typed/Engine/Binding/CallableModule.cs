using System.Reflection;
using System.Runtime.CompilerServices;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Models;
using static TorchSharp.torch;

namespace Pyvene.Typed.Engine;

/// <summary>Is a module of the user's own as the engine sees it: tensors go in by position, a tensor or a tuple of tensors comes out.</summary>
internal sealed class CallableModule : CallableModel
{
    private readonly nn.Module module;
    private readonly MethodInfo call;
    private readonly ParameterInfo[] parameters;
    private readonly int needed;

    /// <summary>Initialises the model.</summary>
    /// <param name="module">The module; it stays the caller's.</param>
    /// <exception cref="InterventionException">The module cannot be called with tensors.</exception>
    public CallableModule(nn.Module module)
    {
        this.module = module;
        var type = ModuleSignature.TypeOf(module)
            ?? throw new InterventionException(
                "model", $"{ClassName} does not derive from TorchSharp's Module<…>, so it cannot be called. Derive it, say, from nn.Module<Tensor, Tensor>.");
        call = type.GetMethod("call")!;
        parameters = call.GetParameters();
        if (parameters.FirstOrDefault(parameter => CountIn(parameter.ParameterType) == 0) is { } odd)
        {
            throw new InterventionException(
                "model", $"{ClassName} takes a {odd.ParameterType.Name}; only modules that take tensors, or tuples of them, can be run.");
        }

        // Only the override, or a call that the class declares anew as TorchSharp's RNN does, says which arguments may be left out.
        var types = parameters.Select(parameter => parameter.ParameterType).ToArray();
        needed = module.GetType().GetMethods()
            .Where(method => method.Name is "forward" or "call")
            .Select(method => method.GetParameters())
            .Where(candidate => candidate.Select(parameter => parameter.ParameterType).SequenceEqual(types))
            .Min(NeededOf);
        Config = ModelConfig.Parse("{}", $"the module {ClassName}");
    }

    /// <inheritdoc/>
    public override nn.Module Root => module;

    /// <inheritdoc/>
    public override string ClassName => module.GetType().Name;

    /// <inheritdoc/>
    public override ModelConfig Config { get; }

    /// <inheritdoc/>
    /// <exception cref="InterventionException">The module takes another number of tensors, or returns something else than tensors.</exception>
    public override ModelOutput Call(ModelInputs inputs)
    {
        var given = inputs.Arguments ?? throw new InterventionException("base", $"{ClassName} is called with tensors by position; give them as Arguments.");
        try
        {
            if (module is nn.Module<Tensor, Tensor> plain && given.Count == 1)
            {
                return new ModelOutput { Values = [plain.call(given[0])] };
            }

            var arguments = Arguments(given);
            return new ModelOutput { Values = [.. TensorsOf(call.Invoke(module, BindingFlags.DoNotWrapExceptions, null, arguments, null))] };
        }
        catch (Exception error) when (NativeFault.Of(error) is { } fault)
        {
            var shapes = given.Where(tensor => !tensor.IsInvalid).Select(tensor => $"[{string.Join(", ", tensor.shape)}] of {tensor.dtype}");
            throw new InterventionException("base", $"The forward pass of {ClassName} {fault} It was given {string.Join(" and ", shapes)}.", error);
        }
    }

    private object?[] Arguments(IReadOnlyList<Tensor> given)
    {
        if (given.Count < needed)
        {
            throw new InterventionException("base", $"{ClassName} takes {needed} tensors, but {given.Count} were given.");
        }

        var used = 0;
        var arguments = parameters.Select(parameter => Take(parameter.ParameterType, given, ref used)).ToArray();
        return used == given.Count ? arguments : throw new InterventionException(
            "base", $"{ClassName} takes {parameters.Sum(parameter => CountIn(parameter.ParameterType))} tensors, but {given.Count} were given.");
    }

    private static int NeededOf(ParameterInfo[] parameters) => parameters
        .TakeWhile(parameter => !parameter.HasDefaultValue && Nullable.GetUnderlyingType(parameter.ParameterType) is null)
        .Sum(parameter => CountIn(parameter.ParameterType));

    /// <summary>Returns how many tensors an argument holds; 0 when it is of another kind.</summary>
    private static int CountIn(Type type) =>
        type == typeof(Tensor) ? 1 : Items(type) is { } items && items.All(item => item == typeof(Tensor)) ? items.Length : 0;

    private static Type[]? Items(Type type)
    {
        var tuple = Nullable.GetUnderlyingType(type) ?? type;
        return tuple.IsValueType && tuple.IsAssignableTo(typeof(ITuple)) ? tuple.GetGenericArguments() : null;
    }

    /// <summary>Takes the next argument; those behind the last tensor that was given are left out, as a recurrent module's first state may be.</summary>
    private object? Take(Type type, IReadOnlyList<Tensor> given, ref int used)
    {
        if (used == given.Count)
        {
            return null;
        }

        if (Items(type) is not { } items)
        {
            return given[used++];
        }

        if (given.Count - used < items.Length)
        {
            throw new InterventionException("base", $"{ClassName} takes {items.Length} tensors behind the first {used}, but {given.Count - used} were given.");
        }

        var values = given.Skip(used).Take(items.Length).ToArray<object>();
        used += items.Length;
        return Activator.CreateInstance(Nullable.GetUnderlyingType(type) ?? type, values);
    }

    private IEnumerable<Tensor> TensorsOf(object? result) => result switch
    {
        Tensor tensor => [tensor],
        ITuple tuple => Enumerable.Range(0, tuple.Length).SelectMany(index => TensorsOf(tuple[index])),
        _ => throw new InterventionException(
            "model", $"{ClassName} returned a {result?.GetType().Name ?? "null"}; only modules that return tensors, or tuples of them, can be run."),
    };
}
