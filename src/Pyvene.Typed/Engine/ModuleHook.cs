using System.Reflection;
using System.Runtime.CompilerServices;
using Pyvene.Typed.Descriptors;
using Pyvene.Typed.Errors;
using static TorchSharp.torch;

namespace Pyvene.Typed.Engine;

/// <summary>Registers one function on a side of a TorchSharp module of any arity and takes it away again.</summary>
/// <remarks>TorchSharp's hooks are typed by the module's arguments and result, its removers have no common type and are not disposable; this is the one place that knows.</remarks>
internal sealed class ModuleHook : IDisposable
{
    private Action? undo;

    private ModuleHook(Action undo) => this.undo = undo;

    /// <summary>Registers a function that sees the first argument or the first tensor of the result, and may return another to take its place.</summary>
    /// <exception cref="InterventionException">The module does not take or return a tensor.</exception>
    public static ModuleHook Register(HookPoint point, Func<Tensor, Tensor?> see)
    {
        if (point.Module is nn.Module<Tensor, Tensor> plain)
        {
            // By far the most modules; no reflection for them.
            return new ModuleHook(point.Side == HookSide.Input
                ? plain.register_forward_pre_hook((_, input) => see(input)!).remove
                : plain.register_forward_hook((_, _, output) => see(output)!).remove);
        }

        var types = Signature(point.Module)
            ?? throw new InterventionException("component", $"Module '{point.Path}' ({point.Module.GetType().Name}) cannot be hooked: it does not derive from TorchSharp's Module<…>.");
        if (point.Side == HookSide.Input && types[0] != typeof(Tensor))
        {
            throw new InterventionException("component", $"The input of module '{point.Path}' is a {types[0].Name}, not a tensor; choose a module inside it.");
        }

        var method = typeof(ModuleHook).GetMethod($"{point.Side}{types.Length - 1}", BindingFlags.NonPublic | BindingFlags.Static)!;
        return new ModuleHook((Action)method.MakeGenericMethod(point.Side == HookSide.Input ? types[1..] : types).Invoke(null, [point, see])!);
    }

    /// <summary>Returns the arguments and the result of a module's <c>call</c>, or null when it has none.</summary>
    private static Type[]? Signature(nn.Module module)
    {
        for (var type = module.GetType(); type is not null; type = type.BaseType)
        {
            if (type.IsGenericType && type.DeclaringType == typeof(nn) && type.Name.StartsWith("Module`", StringComparison.Ordinal))
            {
                return type.GetGenericArguments();
            }
        }

        return null;
    }

    public void Dispose()
    {
        undo?.Invoke();
        undo = null;
    }

    private static Action Input2<T2, R>(HookPoint point, Func<Tensor, Tensor?> see) =>
        ((nn.Module<Tensor, T2, R>)point.Module).register_forward_pre_hook((_, a, b) => see(a) is { } x ? (x, b) : null).remove;

    private static Action Input3<T2, T3, R>(HookPoint point, Func<Tensor, Tensor?> see) =>
        ((nn.Module<Tensor, T2, T3, R>)point.Module).register_forward_pre_hook((_, a, b, c) => see(a) is { } x ? (x, b, c) : null).remove;

    private static Action Input4<T2, T3, T4, R>(HookPoint point, Func<Tensor, Tensor?> see) =>
        ((nn.Module<Tensor, T2, T3, T4, R>)point.Module).register_forward_pre_hook((_, a, b, c, d) => see(a) is { } x ? (x, b, c, d) : null).remove;

    private static Action Input1<R>(HookPoint point, Func<Tensor, Tensor?> see) =>
        ((nn.Module<Tensor, R>)point.Module).register_forward_pre_hook((_, a) => see(a)!).remove;

    private static Action Output1<T1, R>(HookPoint point, Func<Tensor, Tensor?> see) =>
        ((nn.Module<T1, R>)point.Module).register_forward_hook((_, _, output) => Replace(point, output, see)).remove;

    private static Action Output2<T1, T2, R>(HookPoint point, Func<Tensor, Tensor?> see) =>
        ((nn.Module<T1, T2, R>)point.Module).register_forward_hook((_, _, _, output) => Replace(point, output, see)).remove;

    private static Action Output3<T1, T2, T3, R>(HookPoint point, Func<Tensor, Tensor?> see) =>
        ((nn.Module<T1, T2, T3, R>)point.Module).register_forward_hook((_, _, _, _, output) => Replace(point, output, see)).remove;

    private static Action Output4<T1, T2, T3, T4, R>(HookPoint point, Func<Tensor, Tensor?> see) =>
        ((nn.Module<T1, T2, T3, T4, R>)point.Module).register_forward_hook((_, _, _, _, _, output) => Replace(point, output, see)).remove;

    /// <summary>Puts the tensor that the function returns in the place of the result, or of the first element of a tuple.</summary>
    private static R Replace<R>(HookPoint point, R output, Func<Tensor, Tensor?> see)
    {
        if (output is Tensor tensor)
        {
            return see(tensor) is { } replaced ? (R)(object)replaced : output;
        }

        if (output is not ITuple { Length: > 0 } tuple || tuple[0] is not Tensor first)
        {
            throw new InterventionException("component", $"The output of module '{point.Path}' is a {typeof(R).Name}, not a tensor or a tuple that starts with one; choose a module inside it.");
        }

        if (see(first) is not { } other)
        {
            return output;
        }

        var items = Enumerable.Range(0, tuple.Length).Select(index => index == 0 ? other : tuple[index]).ToArray();
        return (R)Activator.CreateInstance(typeof(R), items)!;
    }
}
